"""Groups in a talk: what their stewards see of them."""
