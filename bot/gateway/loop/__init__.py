"""The closed loop: what a patient hears while a person is awaited, and whether that person ever reached them."""
