package dev.latent.sync;

import dev.latent.Future;
import dev.latent.Waker;
import org.jspecify.annotations.Nullable;

/** That its holder may read what an {@link AsyncRwLock} guards, and go on to write without letting another writer in between. */
public final class UpgradableGuard<T extends @Nullable Object> extends RwGuard<T> {
    private static final long MORE = AsyncRwLock.WRITE - AsyncRwLock.UPGRADABLE;

    /** An upgrade is under way. */
    private boolean upgrading;

    /** This was closed while it was: what is held is the upgrade's. */
    private boolean left;

    UpgradableGuard(AsyncRwLock<T> lock, Object by) {
        super(lock, by);
    }

    /**
     * {@return a future of a guard to write with, as soon as the other readers have closed theirs; it takes the place of this one}
     * It comes before everybody who waits, and no reader comes in meanwhile.
     *
     * <p><em>Cancel safety:</em> nothing is lost: dropped before it is ready, this guard is as it was.
     *
     * <p><em>Throws</em> {@link IllegalStateException} when this was closed, or another upgrade is under way.
     */
    public Future<WriteGuard<T>> upgrade() {
        return new Upgrade();
    }

    /** {@return a guard to read with, which takes the place of this one; another may become upgradable} */
    public Guard<T> downgrade() {
        AsyncRwLock<T> lock = openAndStill();
        Guard<T> next = new ReadGuard<>(lock, by);
        lock.core.give(AsyncRwLock.UPGRADABLE - AsyncRwLock.READ);
        return giveWayTo(next);
    }

    private AsyncRwLock<T> openAndStill() {
        if (upgrading) {
            throw new IllegalStateException(this + " is being upgraded already");
        }
        return open();
    }

    /** Gives the lock back. While an upgrade is under way, that one has it from now on. */
    @Override
    public void close() {
        if (upgrading) {
            left = true;
        } else {
            super.close();
        }
    }

    @Override
    void release(LockCore core) {
        core.sharesNot(by);
        core.give(AsyncRwLock.UPGRADABLE);
    }

    @Override
    RwGuard<T> again(AsyncRwLock<T> lock) {
        openAndStill();
        return new UpgradableGuard<>(lock, by);
    }

    @Override
    RwGuard<T> unknown(AsyncRwLock<T> lock) {
        openAndStill();
        RwGuard<T> next = new UpgradableGuard<>(lock, LockCore.UNKNOWN);
        lock.core.sharesNot(by);
        lock.core.shares(LockCore.UNKNOWN);
        return next;
    }

    @Override
    public UpgradableGuard<T> owned() {
        return (UpgradableGuard<T>) ownedBySomebody();
    }

    private final class Upgrade extends LockFuture<WriteGuard<T>> {
        private final AsyncRwLock<T> lock = openAndStill();

        Upgrade() {
            super(open().core, MORE);
        }

        @Override
        String what() {
            return "upgrade";
        }

        @Override
        boolean passes() {
            openAndStill();
            return super.passes();
        }

        @Override
        boolean enters(Entry entry, Waker waker) {
            lock.core.isWaitedFor();
            boolean waits = from.waits(entry, waker, true);
            if (waits) {
                upgrading = true;
            }
            return waits;
        }

        @Override
        WriteGuard<T> guard(Object by, boolean known) {
            WriteGuard<T> next = lock.alone(by, known);
            lock.core.sharesNot(UpgradableGuard.this.by);
            upgrading = false;
            return giveWayTo(next);
        }

        @Override
        void left() {
            upgrading = false;
            if (left) {
                UpgradableGuard.super.close();
            }
        }
    }
}
