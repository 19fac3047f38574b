package dev.masque.netty;

import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import java.util.Map;

/** Settings of a {@link CarriedChannel}: whether the peer's end alone closes it, beside the usual ones. Thread-safe. */
final class CarriedConfig extends DefaultChannelConfig {
    private volatile boolean halfClosure;

    CarriedConfig(CarriedChannel channel) {
        super(channel);
    }

    boolean isAllowHalfClosure() {
        return halfClosure;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), ChannelOption.ALLOW_HALF_CLOSURE);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        return ChannelOption.ALLOW_HALF_CLOSURE.equals(option) ? (T) (Boolean) halfClosure : super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (!ChannelOption.ALLOW_HALF_CLOSURE.equals(option)) {
            return super.setOption(option, value);
        }
        halfClosure = (Boolean) value;
        return true;
    }
}
