"""Blue Heart: personalised badges, share images, widgets and an honest pledge count."""
