/** OpenTelemetry: its context, which belongs to a thread, made to belong to what a task does; and spans that last as long as a future. */
@NullMarked
package dev.latent.interop.opentelemetry;

import org.jspecify.annotations.NullMarked;
