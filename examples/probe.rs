fn main(){
    let path=std::env::args().nth(1).unwrap();
    let n: u64=std::env::args().nth(2).unwrap().parse().unwrap();
    let sc = match keiretsu::scenario::load(std::path::Path::new(&path), &[]) { Ok(s)=>s, Err(p)=>{ eprintln!("{}", p.render(false)); std::process::exit(2)} };
    let study = keiretsu::calibration::study(&sc);
    eprintln!("params {}", study.space.len());
    let t=std::time::Instant::now();
    let e = keiretsu::simulation::Experiment::new(study.models, sc.reference, study.space, n, sc.seed);
    let r = keiretsu::simulation::run(&e,&|_|{});
    eprintln!("{:?} solved {:?} failed {} cols {}", t.elapsed(), r.solved, r.failed, r.outcomes.n_columns());
    for (i,k) in r.outcomes.keys.iter().enumerate() {
        use keiretsu::simulation::outcomes::*;
        if k.outcome==Outcome::Share || matches!(k.outcome, Outcome::SavingPerCar(_)) || matches!(k.outcome,Outcome::OperatingProfit) {
            let c=i*r.outcomes.n_years;
            let w = match k.who { Who::Maker(f)=>study.names.makers[f].clone(), Who::Alliance(a)=>study.names.alliances[a].clone(), _=>"".into()};
            let f=|o:usize,w:usize|format!("{:.4}",r.levels[w][c+o].mean);
            let d=|cc:usize,o:usize|format!("{:+.5}±{:.5}",r.comparisons[cc].conditions[0][c+o].mean,r.comparisons[cc].conditions[0][c+o].sd);
            let last=r.outcomes.n_years-1;
            println!("{:?} {:?} {:22} base {} y1 {} mid {} last {} | central last {:.4} | diff mid {} last {} ", k.outcome,k.region,w,f(0,0),f(1,0),f(last/2,0),f(last,0), r.central[0][c+last], d(0,last/2), d(0,last));
        }
    }
}
