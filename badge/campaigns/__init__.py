"""An organisation and its own space: its squad and the kit of pictures made for it."""
