/** {@code latent advise}: when async, when threads, when neither, for what somebody has in mind, with this machine's figures. */
@NullMarked
package dev.latent.cli.advise;

import org.jspecify.annotations.NullMarked;
