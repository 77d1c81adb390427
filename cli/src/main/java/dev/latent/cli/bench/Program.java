package dev.latent.cli.bench;

import dev.latent.cli.Failure;
import java.util.List;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A subject that is one command, which prints its figures as a line of JSON.
 *
 * @param values reads them
 */
public record Program(String name, List<Part> parts, List<String> command, Function<JsonNode, List<Value>> values)
        implements Subject {
    @Override
    public List<String> commands() {
        return List.of(Plan.shown(command));
    }

    @Override
    public List<Value> run(Children children) throws Failure, InterruptedException {
        return values.apply(parse(children.json(command)));
    }

    /** {@return what a program has printed} */
    public static JsonNode parse(String json) throws Failure {
        try {
            return JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            throw new Failure("printed no figures, but: " + json);
        }
    }

    static double number(JsonNode figures, String name) {
        return figures.path(name).asDouble();
    }
}
