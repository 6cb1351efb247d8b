"""What a user could install instead, given exactly our problem."""
