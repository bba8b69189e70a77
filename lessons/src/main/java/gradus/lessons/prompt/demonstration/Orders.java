package gradus.lessons.prompt.demonstration;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Orders of demonstrations. The same demonstrations in another order can make the difference between a good
/// answer and a guess: Lu et al. 2021, *Fantastically Ordered Prompts and Where to Find Them*,
/// arXiv:2104.08786. [OrderEffect] measures it.
public final class Orders {
    private static final int MOST = 8; // 8! = 40,320

    private Orders() {}

    /// All n! orders, beginning with the given one.
    ///
    /// @throws gradus.error.ConfigException if there are more than 8
    public static <T> List<List<T>> all(List<T> items) {
        require(
                items.size() <= MOST,
                "all orders of %d are too many; at most %d can be enumerated, more must be drawn",
                items.size(),
                MOST);
        List<List<T>> orders = new ArrayList<>();
        extend(List.of(), items, orders);
        return orders;
    }

    private static <T> void extend(List<T> begun, List<T> rest, List<List<T>> orders) {
        if (rest.isEmpty()) {
            orders.add(begun);
        }
        for (int i = 0; i < rest.size(); i++) {
            List<T> longer = new ArrayList<>(begun);
            longer.add(rest.get(i));
            List<T> others = new ArrayList<>(rest);
            others.remove(i);
            extend(List.copyOf(longer), others, orders);
        }
    }

    /// So many orders, each drawn evenly; they may repeat.
    public static <T> List<List<T>> drawn(List<T> items, int count, Rng rng) {
        List<List<T>> orders = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            orders.add(drawn(items, rng.at(i)));
        }
        return orders;
    }

    /// An order that is drawn evenly. Fisher and Yates.
    public static <T> List<T> drawn(List<T> items, Rng rng) {
        List<T> order = new ArrayList<>(items);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, rng.index(i, i + 1));
        }
        return List.copyOf(order);
    }
}
