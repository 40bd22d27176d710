"""The fault campaign: the real bot, killed and disturbed in every way, with the rehearsal server's record as the judge.

    make faults                            everything, on both databases
    make faults ARGS="--seed 7 --only 2,16"

`campaign.py` lists the experiments; each is a function in `experiments/`, which plays one try in a `Trial`: an invented
world with a simulated clock and a bot in a process of its own, and gives back an `Outcome`.
"""
