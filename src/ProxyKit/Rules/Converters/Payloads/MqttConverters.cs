using System.Globalization;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>What clients of MQTT connect with.</summary>
internal static class MqttConverters
{
    private delegate bool Field(in MqttPacket packet, RuleContext context, ref Sample sample);

    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("mqtt_is_valid", Binary, SampleType.Boolean, static (context, ref s) =>
            MqttPacket.Read(s.Bytes, out _) is { } isValid ? s.Set(isValid) : ArrivingBytes.NeedMore(context, s.Bytes)),
        Converter.Of("mqtt_field_value", Binary, Binary, FieldValue, Argument.Text("packet"), Argument.Text("field")),
    ];

    private static SampleConverter FieldValue(KeywordUse use)
    {
        var type = use.Arguments.Text(0).ToUpperInvariant() switch
        {
            "CONNECT" or "1" => MqttPacketType.Connect,
            "CONNACK" or "2" => MqttPacketType.ConnectAnswer,
            _ => throw new FormatException($"unknown or invalid MQTT packet type '{use.Arguments.Text(0)}'"),
        };
        var field = Find(type, use.Arguments.Text(1));
        return (context, ref sample) =>
        {
            var bytes = sample.Bytes;
            if (MqttPacket.Read(bytes, out var packet) is not { } isValid)
            {
                return ArrivingBytes.NeedMore(context, bytes);
            }

            return isValid && packet.Type == type && field(in packet, context, ref sample);
        };
    }

    private static Field Find(MqttPacketType type, string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return (in packet, context, ref sample) =>
            {
                for (var rest = packet.Properties; !rest.IsEmpty && MqttProperty.TryRead(ref rest, out var property);)
                {
                    if (property.Id == id)
                    {
                        return property.Number is { } number ? Give(number, context, ref sample) : sample.SetBinary(property.Bytes);
                    }
                }

                return false;
            };
        }

        return (type, name.ToUpperInvariant()) switch
        {
            (_, "FLAGS") => static (in p, context, ref s) => Give(p.Flags, context, ref s),
            (MqttPacketType.Connect, "PROTOCOL_NAME") => static (in p, _, ref s) => s.SetBinary(p.ProtocolName),
            (MqttPacketType.Connect, "PROTOCOL_VERSION") => static (in p, context, ref s) => Give(p.ProtocolVersion, context, ref s),
            (MqttPacketType.Connect, "CLIENT_IDENTIFIER") => static (in p, _, ref s) => s.SetBinary(p.ClientIdentifier),
            (MqttPacketType.Connect, "WILL_TOPIC") => static (in p, _, ref s) => p.HasWill && s.SetBinary(p.WillTopic),
            (MqttPacketType.Connect, "WILL_PAYLOAD") => static (in p, _, ref s) => p.HasWill && s.SetBinary(p.WillPayload),
            (MqttPacketType.Connect, "USERNAME") => static (in p, _, ref s) => p.HasUserName && s.SetBinary(p.UserName),
            (MqttPacketType.Connect, "PASSWORD") => static (in p, _, ref s) => p.HasPassword && s.SetBinary(p.Password),
            (MqttPacketType.Connect, "KEEPALIVE") => static (in p, context, ref s) => Give(p.KeepAlive, context, ref s),
            (MqttPacketType.ConnectAnswer, "REASON_CODE") => static (in p, context, ref s) => Give(p.ReasonCode, context, ref s),
            _ => throw new FormatException($"unknown or invalid MQTT field name '{name}'"),
        };
    }

    /// <summary>Numbers come as text.</summary>
    private static bool Give(long number, RuleContext context, ref Sample sample)
    {
        sample.Set(number);
        return SampleCasts.TryCast(context, ref sample, SampleType.String);
    }
}
