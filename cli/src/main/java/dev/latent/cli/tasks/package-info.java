/** What {@code latent tasks} does: looks into another process. Only what looks; what there is to see is told by {@code dev.latent.runtime.inspect}. */
@NullMarked
package dev.latent.cli.tasks;

import org.jspecify.annotations.NullMarked;
