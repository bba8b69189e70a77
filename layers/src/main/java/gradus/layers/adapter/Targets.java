package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.error.ConfigException;
import gradus.error.Printable;
import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.WeightKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which layers of a model get an adapter. The kinds of choice are peft's, with the same meaning:
///
/// | | peft | |
/// |---|---|---|
/// | [#named] | a list in `target_modules` | the whole name, or what follows a dot at its end: `q_proj` |
/// | [#matching] | a text | a regular expression for the whole name: `.*\.mlp\.c_.*` |
/// | [#allLinear] | `all-linear` | every Linear but the head |
/// | [#where] | | any condition on name and layer |
/// | [#except], [#exceptMatching] | `exclude_modules` | not these, by name or by regular expression |
/// | [#layers] | `layers_to_transform` | only in these blocks, counted from 0 |
/// | [#layersIn] | `layers_pattern` | what stands before a block's number: `h`, `layers` |
///
/// ```java
/// Targets.named("q_proj", "v_proj").layers(2, 3)
/// Targets.where((name, layer) -> layer instanceof Linear linear && linear.in() > 512)
/// ```
/// Only a [Linear] or an [Embedding] takes an adapter; a name or an expression that fits another layer is
/// refused.
public final class Targets {
    /// As peft finds a block's number where nothing says what stands before it: the first number after two names.
    private static final Pattern ANY_BLOCK = Pattern.compile(".*?\\.[^.]*\\.(?<idx>\\d+)\\..*");

    private final BiPredicate<String, Layer> chosen;
    private final boolean asksAll; // every layer, not only those that take an adapter
    private final BiPredicate<String, Layer> excluded;
    private final Set<Integer> blocks; // empty for all
    private final List<Pattern> blockPatterns;

    private Targets(
            BiPredicate<String, Layer> chosen,
            boolean asksAll,
            BiPredicate<String, Layer> excluded,
            Set<Integer> blocks,
            List<Pattern> blockPatterns) {
        this.chosen = chosen;
        this.asksAll = asksAll;
        this.excluded = excluded;
        this.blocks = blocks;
        this.blockPatterns = blockPatterns;
    }

    private static Targets of(BiPredicate<String, Layer> chosen, boolean asksAll) {
        require(chosen != null, "targets: a condition must be given; got null");
        return new Targets(chosen, asksAll, (name, layer) -> false, Set.of(), List.of(ANY_BLOCK));
    }

    /// Layers of these names, or whose names end with a dot and one of these.
    public static Targets named(String... names) {
        return named(List.of(names));
    }

    /// Layers of these names, or whose names end with a dot and one of these.
    ///
    /// @throws ConfigException if there is no name
    public static Targets named(List<String> names) {
        require(!names.isEmpty(), "targets: at least one name must be given");
        List<String> copy = List.copyOf(names);
        return of((name, layer) -> endsWithOne(name, copy), true);
    }

    /// Layers whose whole names match a regular expression.
    ///
    /// @throws ConfigException if it is none
    public static Targets matching(String regex) {
        Pattern pattern = compiled(regex);
        return of((name, layer) -> BoundedText.matches(pattern, name), true);
    }

    /// Every Linear but the head, by which is meant a Linear whose weight is a [WeightKind#TABLE].
    public static Targets allLinear() {
        return of(
                (name, layer) ->
                        layer instanceof Linear linear && linear.weightKinds().get("weight") != WeightKind.TABLE,
                false);
    }

    /// Every Linear and Embedding for which a condition holds.
    public static Targets where(BiPredicate<String, Layer> condition) {
        return of(condition, false);
    }

    /// The same without layers of these names.
    public Targets except(String... names) {
        List<String> copy = List.of(names);
        return without((name, layer) -> endsWithOne(name, copy));
    }

    /// The same without layers whose whole names match a regular expression.
    public Targets exceptMatching(String regex) {
        Pattern pattern = compiled(regex);
        return without((name, layer) -> BoundedText.matches(pattern, name));
    }

    Targets without(BiPredicate<String, Layer> more) {
        return new Targets(chosen, asksAll, excluded.or(more), blocks, blockPatterns);
    }

    /// The same within these blocks only, counted from 0.
    public Targets layers(int... numbers) {
        Set<Integer> set = new HashSet<>();
        for (int number : numbers) {
            require(number >= 0, "targets: a block's number must be at least 0; got %d", number);
            set.add(number);
        }
        return new Targets(chosen, asksAll, excluded, Set.copyOf(set), blockPatterns);
    }

    /// The same, where a block's number is what follows one of these names.
    public Targets layersIn(String... names) {
        List<Pattern> patterns = new ArrayList<>();
        for (String name : names) {
            patterns.add(compiled("(?:|.*?\\.)" + name + "\\.(?<idx>\\d+)\\..*"));
        }
        return new Targets(
                chosen, asksAll, excluded, blocks, patterns.isEmpty() ? List.of(ANY_BLOCK) : List.copyOf(patterns));
    }

    /// A regular expression of somebody else's.
    ///
    /// @throws ConfigException if it is none
    public static Pattern compiled(String regex) {
        require(regex != null, "targets: a regular expression must be given; got null");
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException | StackOverflowError wrong) {
            throw ConfigException.of("targets: \"%s\" is no regular expression", Printable.value(regex));
        }
    }

    /// Whether an expression matches a whole name, which must not take long.
    ///
    /// @throws ConfigException if it does
    public static boolean matchesWhole(Pattern pattern, String name) {
        return BoundedText.matches(pattern, name);
    }

    static boolean endsWithOne(String name, List<String> ends) {
        return ends.stream().anyMatch(end -> name.equals(end) || name.endsWith("." + end));
    }

    /// The layers of a model, by their full names.
    ///
    /// @throws ConfigException if there is none, or one takes no adapter
    public SequencedMap<String, Layer> in(Layer model) {
        return in(model, UnaryOperator.identity());
    }

    /// The same where names and expressions mean other names than the model's own, such as those that a
    /// program has from which the adapter comes.
    ///
    /// @param naming the other name of a layer, or null for one that does not exist there
    public SequencedMap<String, Layer> in(Layer model, UnaryOperator<String> naming) {
        SequencedMap<String, Layer> found = new LinkedHashMap<>();
        for (Map.Entry<String, Layer> each : baseLayers(model).entrySet()) {
            Layer layer = each.getValue();
            boolean able = layer instanceof Linear || layer instanceof Embedding;
            String name = naming.apply(each.getKey());
            if (name == null || !able && !asksAll || !chooses(name, layer)) {
                continue;
            }
            require(
                    able,
                    "targets: %s is a %s; only a Linear or an Embedding takes an adapter",
                    name,
                    layer.getClass().getSimpleName());
            found.put(each.getKey(), layer);
        }
        require(!found.isEmpty(), "targets: no layer of the model is chosen; gradus inspect lists their names");
        return found;
    }

    private boolean chooses(String name, Layer layer) {
        return chosen.test(name, layer) && !excluded.test(name, layer) && (blocks.isEmpty() || inBlock(name));
    }

    private boolean inBlock(String name) {
        for (Pattern pattern : blockPatterns) {
            Matcher matcher = pattern.matcher(new BoundedText(name));
            if (matcher.matches()) {
                String number = matcher.group("idx");
                return number.length() < 10 && blocks.contains(Integer.parseInt(number));
            }
        }
        return false;
    }

    /// The layers of a model without what adapters have added.
    static SequencedMap<String, Layer> baseLayers(Layer model) {
        List<String> parts = List.copyOf(model.namedLayers(Part.class).keySet());
        SequencedMap<String, Layer> all = new LinkedHashMap<>();
        model.namedLayers().forEach((name, layer) -> {
            if (!(layer instanceof Part) && parts.stream().noneMatch(part -> name.startsWith(part + "."))) {
                all.put(name, layer);
            }
        });
        return all;
    }
}
