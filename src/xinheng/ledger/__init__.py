"""The tamper-evident log: append, seal, prove, verify. Its doors are commands; its pages lie in other rooms."""
