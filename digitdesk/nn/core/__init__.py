"""What every layer stands on: arrays, the parameter buffer, random numbers and first values."""
