package merge;

import dev.latent.web.http.Json;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** JSON, by Jackson. */
record Jackson(ObjectMapper mapper) implements Json {
    Jackson() {
        this(JsonMapper.shared());
    }

    @Override
    public byte[] write(Object value) {
        return mapper.writeValueAsBytes(value);
    }

    @Override
    public <T> T read(byte[] json, Class<T> type) {
        return mapper.readValue(json, type);
    }
}
