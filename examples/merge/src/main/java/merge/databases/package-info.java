/** The databases themselves, as processes of this one: unpacked, started, ended, and cleared away. */
@NullMarked
package merge.databases;

import org.jspecify.annotations.NullMarked;
