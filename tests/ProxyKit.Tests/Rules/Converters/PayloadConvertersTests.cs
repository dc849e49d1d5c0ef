using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Converters;

public sealed class PayloadConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    [Theory]
    [InlineData("bin(089601),protobuf(1,int32)", "150")]
    [InlineData("bin(0803),protobuf(1,sint32)", "-2")]
    [InlineData("bin(0803),protobuf(1,sint64)", "-2")]
    [InlineData("bin(089601),protobuf(1),hex", "9601")]
    [InlineData("bin(089601),protobuf(2,int32)", Ns)]
    [InlineData("bin(089601),protobuf(1,fixed32)", Ns)]
    [InlineData("bin(1a03089601),protobuf(3.1,int32)", "150")]
    [InlineData("bin(1a03089601),protobuf(3),hex", "089601")]
    [InlineData("bin(1a04089601),protobuf(3)", Ns)]
    [InlineData("bin(12026162),protobuf(2)", "ab")]
    [InlineData("bin(0d0000c03f),protobuf(1,float)", "1")]
    [InlineData("bin(090000000000000440),protobuf(1,double)", "2")]
    [InlineData("bin(0dffffffff),protobuf(1,fixed32)", "4294967295")]
    [InlineData("bin(0dffffffff),protobuf(1,sfixed32)", "-1")]
    [InlineData("bin(09ffffffffffffffff),protobuf(1,fixed64)", "-1")]
    [InlineData("bin(08ffffffffffffffffff01),protobuf(1,int32)", "-1")]
    [InlineData("bin(08ffffffffffffffffff01),protobuf(1,uint32)", "4294967295")]
    [InlineData("bin(0802),protobuf(1,bool)", "1")]
    [InlineData("bin(0b),protobuf(1)", Ns)]
    [InlineData("bin(0896),protobuf(1)", Ns)]
    [InlineData("bin(0000000003089601),ungrpc(1,int32)", "150")]
    [InlineData("bin(00000000021005000000000308960100),ungrpc(1,int32)", "150")]
    [InlineData("bin(0000000004089601),ungrpc(1,int32)", Ns)]
    [InlineData("bin(00),ungrpc(1)", Ns)]
    [InlineData("bin(383d4649582e342e3401393d32330133353d410134393d4d450135363d594f550135383d780131303d32333401),fix_is_valid", "1")]
    [InlineData("bin(383d4649582e342e3401393d31320133353d410134393d4d450131303d30333101),fix_is_valid", "0")]
    [InlineData("bin(383d4649582e342e3401393d350133353d410131303d30303101),fix_is_valid", "0")]
    [InlineData("bin(383d4649582e342e3401393d31310134393d4d450133353d410131303d30333001),fix_is_valid", "0")]
    [InlineData("bin(383d5849462e342e3401393d350133353d410131303d31383001),fix_is_valid", "0")]
    [InlineData("bin(383d4649582e342e3401393d32330133353d410134393d4d450135363d594f550135383d780131303d),fix_is_valid", Ns)]
    [InlineData("str(GET /),fix_is_valid", "0")]
    [InlineData("bin(383d4649582e342e3401393d32330133353d410134393d4d450135363d594f550135383d780131303d32333401),fix_tag_value(49)", "ME")]
    [InlineData(
        "bin(383d4649582e342e3401393d32330133353d410134393d4d450135363d594f550135383d780131303d32333401),fix_tag_value(TargetCompID)",
        "YOU")]
    [InlineData(
        "bin(383d4649582e342e3401393d32330133353d410134393d4d450135363d594f550135383d780131303d32333401),fix_tag_value(BeginString)",
        "FIX.4.4")]
    [InlineData("bin(383d4649582e342e3401393d350133353d410131303d30303101),fix_tag_value(MsgType)", "A")]
    [InlineData("bin(383d4649582e342e3401393d32330133353d410134393d4d450135363d594f550135383d780131303d32333401),fix_tag_value(99)", Ns)]
    [InlineData("bin(0102030405060708090a0b0c08004500),eth.dst,hex", "010203040506")]
    [InlineData("bin(0102030405060708090a0b0c08004500),eth.src,hex", "0708090A0B0C")]
    [InlineData("bin(0102030405060708090a0b0c08004500),eth.hdr,hex", "0102030405060708090A0B0C0800")]
    [InlineData("bin(0102030405060708090a0b0c08004500),eth.data,hex", "4500")]
    [InlineData("bin(0102030405060708090a0b0c08004500),eth.proto", "2048")]
    [InlineData("bin(0102030405060708090a0b0c08004500),eth.vlan", Ns)]
    [InlineData("bin(0102030405060708090a0b0c81000064080045),eth.vlan", "100")]
    [InlineData("bin(0102030405060708090a0b0c81000064080045),eth.proto", "2048")]
    [InlineData("bin(0102030405060708090a0b0c81000064080045),eth.data,hex", "45")]
    [InlineData("bin(0102),eth.dst", Ns)]
    [InlineData(
        "bin(4500002c000040004006000001020304050607081f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.ver",
        "4")]
    [InlineData(
        "bin(4500002c000040004006000001020304050607081f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.tos",
        "0")]
    [InlineData(
        "bin(4500002c000040004006000001020304050607081f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.ttl",
        "64")]
    [InlineData(
        "bin(4500002c000040004006000001020304050607081f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.df",
        "1")]
    [InlineData(
        "bin(4500002c000040004006000001020304050607081f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.proto",
        "6")]
    [InlineData(
        "bin(4500002c000040004006000001020304050607081f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.src",
        "1.2.3.4")]
    [InlineData(
        "bin(4500002c000040004006000001020304050607081f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.dst",
        "5.6.7.8")]
    [InlineData(
        "bin(4500002c000040004006000001020304050607081f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.hdr,hex",
        "4500002C00004000400600000102030405060708")]
    [InlineData(
        "bin(4500002c000040004006000001020304050607081f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.data,hex",
        "1F9000500000000A00000000A002FFFF00000000020405B40402080A000000010000000001030307")]
    [InlineData(
        "bin(6aa000000014004020010db800000000000000000000000120010db800000000000000000000000206000000000000001f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.ver",
        "6")]
    [InlineData(
        "bin(6aa000000014004020010db800000000000000000000000120010db800000000000000000000000206000000000000001f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.tos",
        "170")]
    [InlineData(
        "bin(6aa000000014004020010db800000000000000000000000120010db800000000000000000000000206000000000000001f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.ttl",
        "64")]
    [InlineData(
        "bin(6aa000000014004020010db800000000000000000000000120010db800000000000000000000000206000000000000001f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.df",
        "1")]
    [InlineData(
        "bin(6aa000000014004020010db800000000000000000000000120010db800000000000000000000000206000000000000001f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.proto",
        "6")]
    [InlineData(
        "bin(6aa000000014004020010db800000000000000000000000120010db800000000000000000000000206000000000000001f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.src",
        "2001:db8::1")]
    [InlineData(
        "bin(6aa000000014004020010db800000000000000000000000120010db800000000000000000000000206000000000000001f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.dst",
        "2001:db8::2")]
    [InlineData(
        "bin(6aa000000014004020010db800000000000000000000000120010db800000000000000000000000206000000000000001f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.hdr,be2hex,length",
        "96")]
    [InlineData(
        "bin(6aa000000014004020010db800000000000000000000000120010db800000000000000000000000206000000000000001f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),ip.data,tcp.src",
        "8080")]
    [InlineData("bin(45),ip.ver", Ns)]
    [InlineData("bin(55000000),ip.ver", Ns)]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.src", "8080")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.dst", "80")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.seq", "10")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.flags", "2")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.win", "65535")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.options.mss", "1460")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.options.wscale", "7")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.options.wsopt", "1")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.options.sack", "1")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.options.tsopt", "1")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.options.tsval", "1")]
    [InlineData("bin(1f9000500000000a00000000a002ffff00000000020405b40402080a000000010000000001030307),tcp.options_list,hex", "0204080103")]
    [InlineData("bin(1f9000500000000a000000005002ffff00000000),tcp.options.mss", "0")]
    [InlineData("bin(1f9000500000000a000000005002ffff00000000),tcp.options.sack", "0")]
    [InlineData("bin(1f9000500000000a000000005002ffff00000000),tcp.options.tsval", Ns)]
    [InlineData("bin(1f9000500000000a000000005002ffff00000000),tcp.options_list,hex", "")]
    [InlineData("bin(1f9000500000000a00000000a002ff),tcp.src", Ns)]
    [InlineData("bin(1f9000500000000a000000006002ffff0000000002080000),tcp.options.mss", Ns)]
    [InlineData("bin(0102030405060708090a0b0c81000064080045),eth.hdr,be2hex,length", "36")]
    public void Payload_is_taken_apart(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("bytes(2,3)", 4, true)]
    [InlineData("bytes(2)", 2, true)]
    [InlineData("bytes(2)", 3, false)]
    [InlineData("fix_is_valid", 20, true)]
    [InlineData("fix_tag_value(56)", 20, true)]
    public void Converter_waits_for_what_is_still_arriving(string converter, int received, bool waits)
    {
        var bytes = Convert.FromHexString("383d4649582e342e3401393d32330133353d410134393d4d450135363d594f550135383d780131303d32333401").AsMemory(0, received);
        var evaluation = new Evaluation();
        var context = evaluation.Context;
        context.Received = bytes;
        var compiled = Value.Parse($"received,{converter}", new RuleLanguage().Add(new FetchKeyword
        {
            Name = "received",
            Type = SampleType.Binary,
            Create = static _ => static (context, ref sample) => sample.SetBinary(context.Received.Span),
        })).Compile(new RuleCompiler());
        var sample = default(Sample);

        context.HasAll = false;
        Assert.Equal(!waits, compiled.TryEvaluate(context, ref sample));
        Assert.Equal(waits, context.IsPending);

        context.IsPending = false;
        context.HasAll = true;
        compiled.TryEvaluate(context, ref sample);
        Assert.False(context.IsPending);
    }

    [Theory]
    [InlineData("bin(00),protobuf(x)", "invalid args in converter 'protobuf' : 'x' is no field number")]
    [InlineData("bin(00),protobuf(1,x)", "invalid args in converter 'protobuf' : could not find protobuf type 'x'")]
    [InlineData("bin(00),fix_tag_value(x)", "invalid args in converter 'fix_tag_value' : unknown or invalid FIX tag 'x'")]
    public void Wrong_argument_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));
}
