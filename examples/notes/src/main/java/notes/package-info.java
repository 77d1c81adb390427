/** A REST service of notes, with a store behind JDBC. */
@NullMarked
package notes;

import org.jspecify.annotations.NullMarked;
