package exchange_test
import ("testing";"fmt";"runtime";"time";"concord/internal/db/dbtest";"concord/internal/exchange";"concord/internal/access";"concord/internal/party")
func TestZZ(t *testing.T){ p:=open(t,dbtest.SQLite(t)); ken:=p.person("KEN",access.FocalPoint)
 stop:=make(chan bool); var peak uint64
 go func(){ for { select{case <-stop: return; default: var m runtime.MemStats; runtime.ReadMemStats(&m); if m.HeapInuse>peak {peak=m.HeapInuse}; time.Sleep(50*time.Millisecond)} } }()
 st:=time.Now()
 rep,err:=exchange.ImportCSV(t.Context(),p.Store,ken,"need",&endless{rows:1_000_001,row:func(i int)string{ if i==0 {return "key,title,topics\n"}; return fmt.Sprintf("%d,A title,\n",i%999_999)}},exchange.Options{Directory:p.dir,DryRun:true,MaxRows:1_000_000, Progress: func(n int){ if n>=20000 && n%20000==0 {} }})
 _ = rep; close(stop); fmt.Println("million dry run", rep.Rows, rep.Created, rep.Refused, err, time.Since(st), "peak MB", peak>>20)
}
func TestZZGen(t *testing.T){ p:=open(t,dbtest.SQLite(t)); st:=time.Now(); if err:=exchange.Generate(t.Context(),p.Store,party.Operator(),20000,1,func(n int){ if n%5000==0 {fmt.Println(n,time.Since(st))}}); err!=nil{t.Fatal(err)} }
