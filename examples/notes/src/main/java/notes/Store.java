package notes;

import dev.latent.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the notes are. What it can't do, since the database can't, is an exception; everything that a client may meet is a value. */
interface Store {
    /**
     * Adds a note.
     *
     * @param request by which a client that has heard nothing may ask again, and gets the note that it has made then; null for none
     */
    Future<Note> add(Draft draft, @Nullable String request);

    Future<Optional<Note>> find(long id);

    /**
     * {@return up to {@code limit} notes in the order of their ids}
     *
     * @param after ids up to this one are left out
     * @param word in the title or the text, whatever its case; empty for all notes
     */
    Future<List<Note>> list(long after, int limit, String word);

    /**
     * Changes a note, if nobody else has.
     *
     * @param version that it has to have, null for any
     */
    Future<Change> replace(long id, @Nullable Long version, Draft draft);

    /** Removes a note, if nobody else has changed it. */
    Future<Change> remove(long id, @Nullable Long version);

    /** Fails where the store can't be asked. */
    Future<Void> check();

    /** What has become of a change. */
    sealed interface Change {
        /** @param note as it is now, or was last */
        record Done(Note note) implements Change {}

        /** There is no such note. */
        record Missing() implements Change {}

        /** Somebody else was faster. */
        record Conflict(Note now) implements Change {}
    }
}
