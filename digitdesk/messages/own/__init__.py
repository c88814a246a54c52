"""Own data and own writing as they cross: pictures to see, sets to bring, hands to learn."""
