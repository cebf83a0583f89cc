"""The parts of an implant in pictures: what each is, its drawing, and the words of the page about them."""
