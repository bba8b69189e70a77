package gradus.lessons.lab.rules;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The questions of all tests of a seed; every recipe of the seed is asked the same.
///
/// @param single       all rules of the fixed world, one hop, no context
/// @param seen         compositions that every recipe with the fixed world has trained
/// @param heldOut      compositions that none has
/// @param longer       three hops
/// @param stopped      the same; right is what comes of the first two hops
/// @param shown        the held-out compositions behind a context of true rules
/// @param renamed      two hops of worlds that are in the context alone
/// @param renamedMore  three hops of such worlds
/// @param renamedStopped the same; right is what comes of the first two hops
/// @param rotated      the renamed ones behind a context whose results stand at other rules; right is what was
///     right before
/// @param contradicted seen compositions behind a context that states the last rule otherwise; right is what it says
/// @param trained      the same; right is what training said
record RuleQuestions(
        List<Asked> single,
        List<Asked> seen,
        List<Asked> heldOut,
        List<Asked> longer,
        List<Asked> stopped,
        List<Asked> shown,
        List<Asked> renamed,
        List<Asked> renamedMore,
        List<Asked> renamedStopped,
        List<Asked> rotated,
        List<Asked> contradicted,
        List<Asked> trained) {

    /// @param count at most, of each
    static RuleQuestions of(RuleWorld world, Compositions compositions, int count, Rng rng) {
        List<Asked> single = new ArrayList<>();
        for (int x = 0; x < world.symbols(); x++) {
            for (int f = 0; f < world.functions(); f++) {
                single.add(plain(world, Chain.of(x, f)));
            }
        }
        List<Chain> seen = first(count, compositions.few());
        List<Chain> held = first(count, compositions.heldOut());
        List<Chain> longer = IntStream.range(0, count)
                .mapToObj(i -> RuleData.threeHops(world, rng.at("longer").at(i)))
                .toList();
        List<Asked> shown = new ArrayList<>();
        for (int i = 0; i < held.size(); i++) {
            shown.add(behind(context(world, held.get(i), rng.at("shown").at(i)), held.get(i)));
        }
        List<Asked> renamed = new ArrayList<>();
        List<Asked> renamedMore = new ArrayList<>();
        List<Asked> renamedStopped = new ArrayList<>();
        List<Asked> rotated = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Rng own = rng.at("renamed").at(i);
            RuleWorld fresh = RuleWorld.of(world.symbols(), world.functions(), own.at("world"));
            Chain three = RuleData.threeHops(fresh, own);
            Chain two = new Chain(three.start(), three.functions().subList(0, 2));
            RuleContext context = RuleContext.of(fresh, three, own);
            renamed.add(behind(context, two));
            renamedMore.add(behind(context, three));
            renamedStopped.add(renamedMore.getLast().withAnswer(context.path(two)[2]));
            rotated.add(new Asked(context.rotated().rules(), two, context.path(two)[2]));
        }
        List<Asked> contradicted = new ArrayList<>();
        List<Asked> trained = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            Rng own = rng.at("contradicted").at(i);
            int[] path = world.path(seen.get(i));
            Rule last = world.rule(path[1], seen.get(i).functions().getLast());
            int other = (path[2] + 1 + own.index(0, world.symbols() - 1)) % world.symbols();
            Asked asked = behind(context(world, seen.get(i), own).with(last, other), seen.get(i));
            contradicted.add(asked);
            trained.add(asked.withAnswer(path[2]));
        }
        return new RuleQuestions(
                single,
                plain(world, seen),
                plain(world, held),
                plain(world, longer),
                longer.stream()
                        .map(chain -> plain(world, chain).withAnswer(world.path(chain)[2]))
                        .toList(),
                shown,
                renamed,
                renamedMore,
                renamedStopped,
                rotated,
                contradicted,
                trained);
    }

    private static List<Chain> first(int count, List<Chain> chains) {
        return chains.subList(0, Math.min(count, chains.size()));
    }

    private static RuleContext context(RuleWorld world, Chain two, Rng rng) {
        return RuleContext.of(world, RuleData.longer(two, world.functions(), rng), rng);
    }

    private static Asked behind(RuleContext context, Chain chain) {
        return new Asked(context.rules(), chain, context.path(chain)[chain.hops()]);
    }

    private static Asked plain(RuleWorld world, Chain chain) {
        return new Asked(List.of(), chain, world.path(chain)[chain.hops()]);
    }

    private static List<Asked> plain(RuleWorld world, List<Chain> chains) {
        return chains.stream().map(chain -> plain(world, chain)).toList();
    }

    /// How likely somebody is right who names one result of the context at random, the mean over questions with one.
    static double chance(List<Asked> questions) {
        return questions.stream()
                .mapToDouble(each -> new RuleContext(each.context()).chance(each.answer()))
                .average()
                .orElseThrow();
    }
}
