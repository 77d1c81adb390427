package dev.latent.runtime;

/** {@link ReadyOrder#byPriority}. */
final class PriorityOrder implements ReadyOrder {
    static final int TURNS = 16;
    static final int FIRST = 64;

    private int turn;

    @Override
    public int pick(int ready) {
        return 0;
    }

    @Override
    public int pick(Ready ready) {
        if (++turn == TURNS) {
            turn = 0;
            return 0;
        }
        int best = 0;
        int highest = ready.priority(0);
        for (int i = 1, end = Math.min(ready.size(), FIRST); i < end; i++) {
            int priority = ready.priority(i);
            if (priority > highest) {
                highest = priority;
                best = i;
            }
        }
        return best;
    }
}
