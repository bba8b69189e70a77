package gradus.train.generate.constrain;

import java.math.BigDecimal;
import java.util.Random;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Random schemas of all that is supported, of few characters so that texts end soon.
final class DrawnSchemas {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String[] PATTERNS = {
        "^[ab]*$", "a", "^\\\\?b", "\"|é", "[^a-z]$", "^(a|b){1,3}$", "\\d", "^.$|\\n"
    };

    private final Random random;
    private final ObjectNode definitions = MAPPER.createObjectNode();

    private DrawnSchemas(Random random) {
        this.random = random;
    }

    static ObjectNode of(Random random) {
        DrawnSchemas drawn = new DrawnSchemas(random);
        if (random.nextBoolean()) {
            drawn.definitions.set("one", drawn.schema(0));
        }
        ObjectNode root = drawn.schema(2);
        root.put("title", "drawn");
        if (!drawn.definitions.isEmpty()) {
            root.set("$defs", drawn.definitions);
        }
        return root;
    }

    private ObjectNode schema(int depth) {
        ObjectNode schema = MAPPER.createObjectNode();
        switch (random.nextInt(depth > 0 ? 11 : 7)) {
            case 0 -> string(schema.put("type", "string"));
            case 1 -> bounds(schema.put("type", "integer"));
            case 2 -> bounds(schema.put("type", "number"));
            case 3 -> schema.putArray("type").add("boolean").add("null");
            case 4 -> {
                ArrayNode values = schema.putArray("enum");
                for (int i = 0; i <= random.nextInt(4); i++) {
                    values.add(value(1));
                }
            }
            case 5 -> schema.set("const", value(2));
            case 6 -> {
                if (definitions.isEmpty()) {
                    schema.put("type", "boolean");
                } else {
                    schema.put("$ref", "#/$defs/one");
                }
            }
            case 7, 8 -> object(schema.put("type", "object"), depth);
            case 9 -> {
                schema.put("type", "array").set("items", schema(depth - 1));
                schema.put("maxItems", 1 + random.nextInt(3)).put("minItems", random.nextInt(3));
            }
            default -> {
                boolean different = random.nextBoolean();
                ArrayNode either = schema.putArray(different ? "oneOf" : "anyOf");
                if (different) {
                    either.add(bounds(MAPPER.createObjectNode().put("type", "number")));
                    either.add(string(MAPPER.createObjectNode().put("type", "string")));
                } else {
                    either.add(schema(depth - 1));
                    either.add(schema(depth - 1));
                }
            }
        }
        return schema;
    }

    private ObjectNode string(ObjectNode schema) {
        schema.put("maxLength", 1 + random.nextInt(6));
        if (random.nextBoolean()) {
            schema.put("minLength", random.nextInt(3));
        }
        if (random.nextBoolean()) {
            schema.put("pattern", PATTERNS[random.nextInt(PATTERNS.length)]);
        }
        return schema;
    }

    private ObjectNode bounds(ObjectNode schema) {
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", bound());
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", bound());
        }
        return schema;
    }

    private BigDecimal bound() {
        return BigDecimal.valueOf(random.nextInt(-2000, 2000), random.nextInt(4));
    }

    private void object(ObjectNode schema, int depth) {
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = MAPPER.createArrayNode();
        TreeSet<String> names = new TreeSet<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            names.add(new String[] {"a", "b", "né", "\"q\""}[random.nextInt(4)]);
        }
        for (String name : names.descendingSet()) {
            properties.set(name, schema(depth - 1));
            if (random.nextBoolean()) {
                required.add(name);
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        if (random.nextBoolean()) {
            schema.put("additionalProperties", false);
        }
    }

    private JsonNode value(int depth) {
        ObjectNode at = MAPPER.createObjectNode();
        switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> at.put("v", new String[] {"", "a\"b", "\\\n\u0001", "語😀"}[random.nextInt(4)]);
            case 1 -> at.put("v", bound());
            case 2 -> at.put("v", random.nextBoolean());
            case 3 -> at.putNull("v");
            case 4 -> at.putObject("v").set("k", value(depth - 1));
            default -> at.putArray("v").add(value(depth - 1)).add(value(depth - 1));
        }
        return at.get("v");
    }
}
