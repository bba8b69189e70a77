package gradus.lessons.prompt.demonstration;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.PromptMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// How much the order of the demonstrations matters.
///
/// @param orders that were tried
/// @param right  for each, the share of questions that is answered right
public record OrderEffect(List<List<Demonstration>> orders, double[] right) {
    /// Asks all questions in all orders.
    ///
    /// @param method    a way of prompting with demonstrations in a given order
    /// @param questions with the answers that are right; their rationales are not looked at
    /// @throws gradus.error.ConfigException if there are no orders or no questions
    public static OrderEffect of(
            List<List<Demonstration>> orders,
            Function<List<Demonstration>, PromptMethod> method,
            List<Demonstration> questions) {
        require(!orders.isEmpty() && !questions.isEmpty(), "the effect of orders needs orders and questions");
        List<Double> shares = new ArrayList<>();
        for (List<Demonstration> order : orders) {
            PromptMethod way = method.apply(order);
            long count = questions.stream()
                    .filter(each -> way.ask(each.question()).answer().equals(Optional.of(each.answer())))
                    .count();
            shares.add(count / (double) questions.size());
        }
        return new OrderEffect(
                List.copyOf(orders), shares.stream().mapToDouble(x -> x).toArray());
    }

    /// The best order's share less the worst one's.
    public double spread() {
        double most = Double.NEGATIVE_INFINITY;
        double least = Double.POSITIVE_INFINITY;
        for (double share : right) {
            most = Math.max(most, share);
            least = Math.min(least, share);
        }
        return most - least;
    }

    /// The order with the most right answers, the first of equal ones.
    public List<Demonstration> best() {
        int best = 0;
        for (int i = 1; i < right.length; i++) {
            best = right[i] > right[best] ? i : best;
        }
        return orders.get(best);
    }
}
