package notes;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client would like a note to be; nothing has been looked at yet. */
record Draft(@Nullable String title, @Nullable String text) {
    static final int MAX_TITLE = 200;
    static final int MAX_TEXT = 20_000;

    /** @param why for a person */
    record Wrong(String field, String why) {}

    /** {@return all that is wrong with it; empty when it can be a note} */
    List<Wrong> wrong() {
        List<Wrong> wrong = new ArrayList<>();
        if (title == null || title.isBlank()) {
            wrong.add(new Wrong("title", "is missing"));
        } else if (title.length() > MAX_TITLE) {
            wrong.add(new Wrong("title", "has more than " + MAX_TITLE + " characters"));
        }
        if (text == null) {
            wrong.add(new Wrong("text", "is missing"));
        } else if (text.length() > MAX_TEXT) {
            wrong.add(new Wrong("text", "has more than " + MAX_TEXT + " characters"));
        }
        return wrong;
    }
}
