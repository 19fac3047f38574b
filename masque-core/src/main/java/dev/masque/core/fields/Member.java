package dev.masque.core.fields;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A member of a list or dictionary: an item or an inner list, with its parameters. */
public sealed interface Member {
    /**
     * The parameters.
     *
     * @return names and values in order, unmodifiable
     */
    Map<String, BareItem> parameters();

    /**
     * One value with parameters.
     *
     * @param value the value
     * @param parameters its parameters in order
     */
    record Item(BareItem value, Map<String, BareItem> parameters) implements Member {
        /** Copies the parameters. */
        public Item {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }

        /**
         * A value without parameters.
         *
         * @param value the value
         * @return the item
         */
        public static Item of(BareItem value) {
            return new Item(value, Map.of());
        }
    }

    /**
     * A list within a list.
     *
     * @param items its items
     * @param parameters its parameters in order
     */
    record InnerList(List<Item> items, Map<String, BareItem> parameters) implements Member {
        /** Copies both. */
        public InnerList {
            items = List.copyOf(items);
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }
}
