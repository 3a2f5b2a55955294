"""The field kit: the first hour with a real phone asks it what only a phone can confirm."""
