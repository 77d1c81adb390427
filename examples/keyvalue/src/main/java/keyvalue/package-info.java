/** A key-value server with subscriptions, spoken to in lines. */
@NullMarked
package keyvalue;

import org.jspecify.annotations.NullMarked;
