package dev.latent;

enum NoopWaker implements Waker {
    INSTANCE;

    @Override
    public void wake() {}
}
