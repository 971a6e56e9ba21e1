"""The activation functions, their derivatives and the facts about them."""
