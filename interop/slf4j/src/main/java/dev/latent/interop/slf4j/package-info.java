/** SLF4J: its MDC, which belongs to a thread, made to belong to what a task does. */
@NullMarked
package dev.latent.interop.slf4j;

import org.jspecify.annotations.NullMarked;
