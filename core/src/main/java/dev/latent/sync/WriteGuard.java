package dev.latent.sync;

import org.jspecify.annotations.Nullable;

/** That its holder alone may use what an {@link AsyncRwLock} guards, until it closes this or is content to read. */
public final class WriteGuard<T extends @Nullable Object> extends RwGuard<T> implements ExclusiveGuard<T> {
    WriteGuard(AsyncRwLock<T> lock, Object by) {
        super(lock, by);
    }

    /** {@return a guard to read with, which takes the place of this one} Nobody writes in between. */
    public Guard<T> downgrade() {
        AsyncRwLock<T> lock = open();
        Guard<T> next = giveWayTo(lock.shared(by, false));
        lock.core.give(AsyncRwLock.WRITE - AsyncRwLock.READ);
        return next;
    }

    /** {@return an upgradable guard, which takes the place of this one} Nobody writes in between. */
    public UpgradableGuard<T> downgradeToUpgradable() {
        AsyncRwLock<T> lock = open();
        UpgradableGuard<T> next = giveWayTo(lock.upgradable(by, false));
        lock.core.give(AsyncRwLock.WRITE - AsyncRwLock.UPGRADABLE);
        return next;
    }

    @Override
    public void set(T value) {
        open().value = value;
    }

    @Override
    void release(LockCore core) {
        core.give(AsyncRwLock.WRITE);
    }

    @Override
    RwGuard<T> again(AsyncRwLock<T> lock) {
        return new WriteGuard<>(lock, by);
    }

    @Override
    RwGuard<T> unknown(AsyncRwLock<T> lock) {
        RwGuard<T> next = new WriteGuard<>(lock, LockCore.UNKNOWN);
        lock.core.holds(LockCore.UNKNOWN);
        return next;
    }

    @Override
    public WriteGuard<T> owned() {
        return (WriteGuard<T>) ownedBySomebody();
    }
}
