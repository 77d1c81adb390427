package dev.latent.cli;

import java.util.concurrent.Callable;

/**
 * A command that stands in a module of its own, since what it needs is heavy: {@code ./latent} builds the module when
 * the command is first used. It is a picocli command with a public constructor without arguments, named in
 * {@code META-INF/services}; what it can't do it tells by a {@link Failure}, what it returns is the exit code.
 */
public interface Job extends Callable<Integer> {}
