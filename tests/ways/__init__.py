"""Ways on: what each refusal and each resting state leads to, played through folders only."""
