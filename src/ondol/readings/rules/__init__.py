"""How what devices send is judged: pure rules."""
