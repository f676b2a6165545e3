"""The operator's desk: what needs them, and figures for their monitoring. Reads only: no button here moves money."""
