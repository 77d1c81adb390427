package dev.latent;

/**
 * Room in front of what one thread writes at each poll, so that it shares no cache line with another thread's, wherever a collector puts
 * the two: fields of a superclass come first. Two lines, since processors fetch them in pairs.
 */
@SuppressWarnings("unused")
abstract sealed class Apart permits Context {
    private long r00;
    private long r01;
    private long r02;
    private long r03;
    private long r04;
    private long r05;
    private long r06;
    private long r07;
    private long r08;
    private long r09;
    private long r10;
    private long r11;
    private long r12;
    private long r13;
    private long r14;
    private long r15;

    Apart() {}
}
