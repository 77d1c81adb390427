/**
 * What is done alike all over core: with failures, with values that nobody receives, with wakes of many.
 *
 * <p>Not for users, and not exported: {@code internal} in the name is the fence where there are no modules. What has an idea of its own has
 * a package of its own beside this.
 */
@NullMarked
package dev.latent.internal;

import org.jspecify.annotations.NullMarked;
