package dev.latent.sync;

import org.jspecify.annotations.Nullable;

/** {@link AsyncRwLock#read}. */
final class ReadGuard<T extends @Nullable Object> extends RwGuard<T> {
    ReadGuard(AsyncRwLock<T> lock, Object by) {
        super(lock, by);
    }

    @Override
    void release(LockCore core) {
        core.sharesNot(by);
        core.give(AsyncRwLock.READ);
    }

    @Override
    RwGuard<T> again(AsyncRwLock<T> lock) {
        return new ReadGuard<>(lock, by);
    }

    @Override
    RwGuard<T> unknown(AsyncRwLock<T> lock) {
        RwGuard<T> next = new ReadGuard<>(lock, LockCore.UNKNOWN);
        lock.core.sharesNot(by);
        lock.core.shares(LockCore.UNKNOWN);
        return next;
    }

    @Override
    public Guard<T> owned() {
        return ownedBySomebody();
    }
}
