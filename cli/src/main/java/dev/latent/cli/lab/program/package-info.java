/** What the experiments run, each in a process of its own: one line of figures in JSON. */
@NullMarked
package dev.latent.cli.lab.program;

import org.jspecify.annotations.NullMarked;
