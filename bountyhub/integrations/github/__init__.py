"""GitHub: the App's forge, sign-in, webhooks and what follows. Nothing else imports PyGithub or Authlib."""
