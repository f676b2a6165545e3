"""What is played, one file per group of stories; `bountyhub.cli.demo.run` lists them."""
