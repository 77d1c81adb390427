/** {@link dev.latent.Async#scope}: a body, and tasks that do not outlive it. */
@NullMarked
package dev.latent.internal.scope;

import org.jspecify.annotations.NullMarked;
