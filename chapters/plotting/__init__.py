"""How a plot is drawn, packed and shown; authors import `explore` instead."""
