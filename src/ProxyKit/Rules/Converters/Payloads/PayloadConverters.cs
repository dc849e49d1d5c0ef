using System.Buffers.Binary;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>Fields of messages that other protocols send: protocol buffers, gRPC and FIX.</summary>
internal static class PayloadConverters
{
    private const int GrpcHeader = 5; // whether it is compressed, and the length

    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("protobuf", Binary, Any, Protobuf, Argument.Text("field"), Argument.OptionalText("type")),
        Converter.Of("ungrpc", Binary, Any, Grpc, Argument.Text("field"), Argument.OptionalText("type")),
        Converter.Of("fix_is_valid", Binary, SampleType.Boolean, FixIsValid),
        Converter.Of("fix_tag_value", Binary, Binary, FixTagValue, Argument.Text("tag")),
    ];

    private static SampleConverter Protobuf(KeywordUse use)
    {
        var field = new ProtobufField(use.Arguments.Text(0), use.Arguments.Text(1));
        return (_, ref sample) => field.TryGet(sample.Bytes, ref sample);
    }

    private static SampleConverter Grpc(KeywordUse use)
    {
        var field = new ProtobufField(use.Arguments.Text(0), use.Arguments.Text(1));
        return (_, ref sample) =>
        {
            var rest = sample.Bytes;
            while (rest.Length >= GrpcHeader)
            {
                var length = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
                rest = rest[GrpcHeader..];
                if (length > rest.Length)
                {
                    return false;
                }

                if (field.TryGet(rest[..(int)length], ref sample))
                {
                    return true;
                }

                rest = rest[(int)length..];
            }

            return false;
        };
    }

    private static bool FixIsValid(RuleContext context, ref Sample sample) => FixMessage.Validate(sample.Bytes) is { } isValid
        ? sample.Set(isValid)
        : ArrivingBytes.NeedMore(context, sample.Bytes);

    private static SampleConverter FixTagValue(KeywordUse use)
    {
        var tag = FixMessage.TagOf(use.Arguments.Text(0));
        return (context, ref sample) =>
        {
            if (FixMessage.Find(sample.Bytes, tag, out var value) is { } isFound)
            {
                return isFound && sample.SetBinary(value);
            }

            return ArrivingBytes.NeedMore(context, sample.Bytes);
        };
    }
}
