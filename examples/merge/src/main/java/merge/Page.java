package merge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of a product.
 *
 * @param isComplete whether all have answered
 * @param parts what they have answered, by part
 * @param missing who has not, and why
 * @param millis how long each was waited for, by name
 */
record Page(
        long product,
        boolean isComplete,
        Map<String, Map<String, Object>> parts,
        List<Missing> missing,
        Map<String, Double> millis) {
    /** @param why for a person */
    record Missing(String database, String part, String why) {}

    /** What became of one question. */
    sealed interface Answer {
        Source source();

        double millis();

        record Here(Source source, double millis, Map<String, Object> part) implements Answer {}

        record NotHere(Source source, double millis, String why) implements Answer {}
    }

    static Page of(long product, List<Answer> answers) {
        Map<String, Map<String, Object>> parts = new LinkedHashMap<>();
        List<Missing> missing = new ArrayList<>();
        Map<String, Double> millis = new LinkedHashMap<>();
        for (Answer answer : answers) {
            Source source = answer.source();
            millis.put(source.name(), answer.millis());
            switch (answer) {
                case Answer.Here(var _, var _, var part) -> parts.put(source.part(), part);
                case Answer.NotHere(var _, var _, String why) ->
                    missing.add(new Missing(source.name(), source.part(), why));
            }
        }
        return new Page(product, missing.isEmpty(), parts, missing, millis);
    }

    /** {@return whether all that were asked know nothing of the product} */
    boolean isUnknown() {
        return !parts.isEmpty() && parts.values().stream().allMatch(Map::isEmpty);
    }
}
