/**
 * Tests of what is async, without waiting: {@link dev.latent.junit.AsyncTest} runs a method's future as a JUnit test,
 * {@link dev.latent.junit.TestTask} polls a future by hand, and {@link dev.latent.junit.ScriptedStream} is a connection whose other end is a script.
 *
 * <p>No simulation of networks, disks or crashes, and no assertions beyond what only this kit can know: values and exceptions are plain ones, for whatever
 * library of assertions.
 */
@NullMarked
package dev.latent.junit;

import org.jspecify.annotations.NullMarked;
