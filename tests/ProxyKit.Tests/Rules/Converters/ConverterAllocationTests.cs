using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Converters;

public sealed class ConverterAllocationTests
{
    [Theory]
    [InlineData("str(API.example.org:8080),host_only,upper,field(2,.),concat(-,txn.s,+),add_item(:,txn.i),reverse,word(1,:)")]
    [InlineData("str(a%20b),url_dec,url_enc,base64,b64dec,ub64enc,ub64dec,hex,hex2i")]
    [InlineData("str(abc),sha1,hex")]
    [InlineData("str(abc),hmac(sha256,Zm9v),be2hex(:,4)")]
    [InlineData("str(abc),xxh3,add(txn.i),mul(3),mod(1000),iif(a,b)")]
    [InlineData("str(Hello_World),regsub(\"[lo]+\",\"<\\\\0>\",g)")]
    [InlineData("int(1690191182),utime(\"%a %F %T %Z\")")]
    [InlineData("int(1690191182),http_date,date")]
    [InlineData("bin(7b2261223a5b312c7b2262223a2278227d5d7d),json_query('$.a[1].b'),json")]
    [InlineData("str(\"fr;q=0.5,en;q=0.8\"),language(\"fr;en\"),set-var(txn.l)")]
    [InlineData("ipv4(1.2.3.4),ipmask(24),rfc7239_nn,rfc7239_n2nn")]
    public void Converter_allocates_nothing_once_warm(string expression)
    {
        var evaluation = new Evaluation();
        var compiled = evaluation.Compile(expression);

        void Run()
        {
            for (var i = 0; i < 200; i++)
            {
                evaluation.Context.Scratch.Reset();
                var sample = default(Sample);
                Assert.True(compiled.TryEvaluate(evaluation.Context, SampleType.String, ref sample));
            }
        }

        Allocations.AssertNone(Run);
    }
}
